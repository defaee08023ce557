FROM registry.example/base:1.2
# finding
EXPOSE 80 22
# finding
EXPOSE 20-30/tcp
