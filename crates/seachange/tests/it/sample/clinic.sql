-- A bit of everything that a sample has to get right.
CREATE TYPE mood AS ENUM ('calm', 'worried', 'cheerful', 'tired', 'angry');
CREATE DOMAIN nickname AS varchar(40) CHECK (VALUE <> '');
CREATE SCHEMA ward;

CREATE TABLE patients (
    id integer GENERATED ALWAYS AS IDENTITY (START WITH 7000000) PRIMARY KEY,
    email text NOT NULL UNIQUE,
    code varchar(12) NOT NULL UNIQUE,
    plate char(10) NOT NULL UNIQUE,
    full_name text NOT NULL,
    born date NOT NULL,
    seen timestamptz,
    wakes time,
    mood mood NOT NULL,
    nick nickname,
    weight numeric(8, 3) NOT NULL,
    factor double precision,
    active boolean NOT NULL,
    photo bytea,
    tags text[],
    counts integer[] NOT NULL,
    moods mood[],
    profile jsonb NOT NULL,
    notes json,
    token uuid NOT NULL UNIQUE,
    greeting text GENERATED ALWAYS AS ('Dear ' || full_name) STORED,
    referred_by integer REFERENCES patients,
    stage smallint NOT NULL CHECK (stage BETWEEN 1 AND 9)
);
CREATE UNIQUE INDEX ON patients (lower(email));

CREATE TABLE ward.rooms (
    building varchar(30),
    number smallint,
    label text,
    PRIMARY KEY (building, number)
);

CREATE TABLE stays (
    id bigserial PRIMARY KEY,
    building varchar(30),
    number smallint,
    patient_email text NOT NULL REFERENCES patients (email) ON UPDATE CASCADE,
    FOREIGN KEY (number, building) REFERENCES ward.rooms (number, building)
);

-- Each needs the other.
CREATE TABLE teams (id uuid PRIMARY KEY, lead uuid NOT NULL, name text);
CREATE TABLE nurses (id uuid PRIMARY KEY, team uuid NOT NULL REFERENCES teams, name text);
ALTER TABLE teams ADD FOREIGN KEY (lead) REFERENCES nurses;

-- No key.
CREATE TABLE visits (patient integer REFERENCES patients, at timestamptz NOT NULL, note text NOT NULL);

CREATE TABLE results (
    patient integer NOT NULL REFERENCES patients,
    kind text NOT NULL,
    number bigint NOT NULL,
    finding text NOT NULL,
    PRIMARY KEY (kind, number)
) PARTITION BY LIST (kind);
CREATE TABLE results_blood PARTITION OF results FOR VALUES IN ('blood');
CREATE TABLE results_other PARTITION OF results DEFAULT;
CREATE TABLE letters (id bigint PRIMARY KEY, kind text NOT NULL, number bigint NOT NULL,
    FOREIGN KEY (kind, number) REFERENCES results);

CREATE TABLE "Odd ""name""" ("a b" integer PRIMARY KEY, "c,d" text NOT NULL);

-- Must not run for what is copied.
CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a trigger ran';
END;
$$;
