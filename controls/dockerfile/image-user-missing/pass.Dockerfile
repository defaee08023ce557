FROM registry.example/base:1.2 AS base
USER 1000

FROM base
COPY app /app
