# syntax=docker/dockerfile:1.12
# Two images from one build: docker build --target migration -t cohortflow-migration .
#                            docker build --target api -t cohortflow-api .
ARG RUST_VERSION=1.95

FROM rust:${RUST_VERSION}-slim-bookworm AS build
WORKDIR /src
COPY . .
# The caches are the builder's own and never part of an image, so the programs are copied out of them.
RUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,target=/src/target,sharing=locked \
    cargo build --release --locked -p migration -p api \
    && install -D -t /out target/release/migration target/release/api

FROM debian:bookworm-slim AS base
# Certificate authorities, for sslmode=verify-full against a server with a public certificate. Taken from the base image's
# release as it is: a version pinned here would be gone from Debian's mirrors with the next security update.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --system --gid 10001 app \
    && useradd --system --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin app
USER 10001:10001
# Both programs end in good order on SIGTERM: what runs on the server is cancelled, and nothing is left half-done.
STOPSIGNAL SIGTERM

FROM base AS migration
COPY --from=build /out/migration /usr/local/bin/migration
ENTRYPOINT ["/usr/local/bin/migration"]
CMD ["up"]

FROM base AS api
COPY --from=build /out/api /usr/local/bin/api
EXPOSE 8080
# bash opens a TCP connection by itself, so the image needs no curl.
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["/usr/local/bin/api"]
CMD ["serve", "--listen", "0.0.0.0:8080"]
