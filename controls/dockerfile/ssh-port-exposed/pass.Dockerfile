FROM registry.example/base:1.2
EXPOSE 80 443/tcp 2222 22/udp
