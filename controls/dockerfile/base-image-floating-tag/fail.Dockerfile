ARG VERSION=latest
# finding
FROM registry.example/app:${VERSION} AS a
# finding
FROM registry.example:5000/app
USER 1
