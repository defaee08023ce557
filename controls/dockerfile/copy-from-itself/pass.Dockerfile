FROM registry.example/base:1.2 AS build
FROM registry.example/base:1.2 AS web
COPY --from=build /a /b
COPY --from=0 /a /b
COPY a b
