# Nothing but the program. The archives come from `cargo xtask dist`, for each platform:
#
#   cargo xtask dist x86_64-unknown-linux-musl && cargo xtask dist aarch64-unknown-linux-musl
#   for file in target/dist/*.tar.gz; do tar -xzf "$file" -C target/dist; done
#   docker buildx build --platform linux/amd64,linux/arm64 --build-arg VERSION=0.1.0 --tag seawall .
# Older builders know the platform only where it is asked for.
ARG TARGETARCH

FROM scratch AS amd64
ARG VERSION
COPY --chmod=0555 target/dist/seawall-${VERSION}-x86_64-unknown-linux-musl/seawall /seawall
COPY target/dist/seawall-${VERSION}-x86_64-unknown-linux-musl/LICENSE target/dist/seawall-${VERSION}-x86_64-unknown-linux-musl/THIRD-PARTY.txt /licences/

FROM scratch AS arm64
ARG VERSION
COPY --chmod=0555 target/dist/seawall-${VERSION}-aarch64-unknown-linux-musl/seawall /seawall
COPY target/dist/seawall-${VERSION}-aarch64-unknown-linux-musl/LICENSE target/dist/seawall-${VERSION}-aarch64-unknown-linux-musl/THIRD-PARTY.txt /licences/

FROM ${TARGETARCH}
ARG VERSION
LABEL org.opencontainers.image.title="Seawall" \
      org.opencontainers.image.description="Says what an attacker could do with your Kubernetes, and what to change" \
      org.opencontainers.image.source="https://github.com/seawall-dev/seawall" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="Apache-2.0"
USER 65532:65532
WORKDIR /src
ENTRYPOINT ["/seawall"]
CMD ["scan", "."]
