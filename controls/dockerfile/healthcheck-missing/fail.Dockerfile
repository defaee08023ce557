FROM registry.example/base:1.2 AS a
HEALTHCHECK CMD true
# finding
FROM registry.example/base:1.2
USER 1
