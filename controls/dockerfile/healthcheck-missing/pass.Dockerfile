FROM registry.example/base:1.2
HEALTHCHECK --interval=30s CMD ["/probe"]
