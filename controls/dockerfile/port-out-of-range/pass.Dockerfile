FROM registry.example/base:1.2
EXPOSE 80 65535/tcp 8000-9000 $PORT
