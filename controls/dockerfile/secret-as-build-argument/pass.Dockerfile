FROM registry.example/base:1.2
ARG VERSION
ARG TOKEN_FILE
ARG TOKEN_TTL=5m
RUN --mount=type=secret,id=token fetch
