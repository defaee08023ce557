FROM registry.example/base:1.2 AS web
# finding
COPY --from=web /a /b
