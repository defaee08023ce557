FROM registry.example/base:1.2
ENTRYPOINT ["/app", "--flag"]
CMD exec /app
