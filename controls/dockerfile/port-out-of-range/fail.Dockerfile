FROM registry.example/base:1.2
# finding
EXPOSE 80 70000
# finding
EXPOSE 0/udp
