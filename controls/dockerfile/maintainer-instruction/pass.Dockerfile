FROM registry.example/base:1.2
LABEL org.opencontainers.image.authors="me"
