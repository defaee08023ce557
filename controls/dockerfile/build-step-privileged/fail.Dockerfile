FROM registry.example/base:1.2
# finding
RUN --security=insecure mount
