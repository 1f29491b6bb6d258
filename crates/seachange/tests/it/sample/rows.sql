-- Values that can be searched for: none is a part of another one, or of something common.
INSERT INTO patients (email, code, plate, full_name, born, seen, wakes, mood, nick, weight, factor, active,
    photo, tags, counts, moods, profile, notes, token, stage)
SELECT format('patient.%s@st-vincent.org', i), format('PC%s-%s', i, i * 7 % 100), format('KX%sQZ', 1000 + i),
    format('Josephine Rosenthal-%s', i), date '1950-01-01' + i * 11, timestamptz '2026-01-01 08:00Z' + i * interval '61 minutes',
    time '05:00' + i * interval '7 seconds',
    (enum_range(NULL::mood))[1 + i % 5], CASE WHEN i % 3 = 0 THEN format('Nickname~%s', i) END, 40000.125 + i, i / 7.0,
    i % 2 = 0, decode(md5(i::text), 'hex'), ARRAY[format('tag "Ribes-%s"', i), NULL, E'back\\slash\ttab ' || i],
    ARRAY[90000000 + i, 80000000 + i], ARRAY['calm', 'tired']::mood[],
    jsonb_build_object('city', format('Rheinfelden-%s', i), 'height', 170000.5 + i, 'contact', jsonb_build_array(
        jsonb_build_object('phone', format('+41 61 5550%s', 1000 + i), 'email', format('patient.%s@st-vincent.org', i)))),
    json_build_object('remark', format(E'allergic to remedy-%s\nand "more"', i)),
    md5('token' || i)::uuid, 1 + i % 9
FROM generate_series(1, 300) i;
UPDATE patients SET referred_by = id - 1 WHERE id % 4 = 0 AND id > 7000000;

INSERT INTO ward.rooms SELECT format('Pavilion-%s', b), n, format('Bed by the window %s/%s', b, n)
FROM generate_series(1, 20) b, generate_series(1, 10) n;
INSERT INTO stays (building, number, patient_email)
SELECT CASE WHEN i % 10 > 0 THEN format('Pavilion-%s', 1 + i % 20) END, 1 + i % 10, format('patient.%s@st-vincent.org', 1 + i % 300)
FROM generate_series(1, 800) i;

BEGIN;
ALTER TABLE teams ALTER CONSTRAINT teams_lead_fkey DEFERRABLE INITIALLY DEFERRED;
INSERT INTO teams SELECT md5('team' || i)::uuid, md5('nurse' || i)::uuid, format('Team Capricorn-%s', i) FROM generate_series(1, 50) i;
INSERT INTO nurses SELECT md5('nurse' || i)::uuid, md5('team' || 1 + i % 50)::uuid, format('Nurse Ottoline-%s', i) FROM generate_series(1, 300) i;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE teams ALTER CONSTRAINT teams_lead_fkey NOT DEFERRABLE;
COMMIT;

INSERT INTO visits SELECT 7000000 + i % 300, now(), format('complained about item-%s', i) FROM generate_series(1, 400) i;
INSERT INTO results SELECT 7000000 + i % 300, (ARRAY['blood', 'urine', 'scan'])[1 + i % 3], 500000000000 + i, format('finding#%s', i)
FROM generate_series(1, 600) i;
INSERT INTO letters SELECT 600000000000 + i, kind, number FROM (SELECT kind, number, row_number() OVER (ORDER BY number) i FROM results) r WHERE i % 2 = 0;
INSERT INTO "Odd ""name""" SELECT 3000000 + i, E'odd\tvalue\\Xanthippe-' || i FROM generate_series(1, 100) i;

CREATE TRIGGER shout BEFORE INSERT ON patients FOR EACH ROW EXECUTE FUNCTION shout();
CREATE TRIGGER always BEFORE INSERT ON stays FOR EACH ROW EXECUTE FUNCTION shout();
ALTER TABLE stays ENABLE ALWAYS TRIGGER always;
CREATE TRIGGER never BEFORE INSERT ON visits FOR EACH ROW EXECUTE FUNCTION shout();
ALTER TABLE visits DISABLE TRIGGER never;
CREATE TRIGGER parts BEFORE INSERT ON results FOR EACH ROW EXECUTE FUNCTION shout();
