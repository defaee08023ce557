FROM registry.example/base:1.2 AS build
USER 1000

# finding
FROM registry.example/base:1.2
COPY --from=build /app /app
