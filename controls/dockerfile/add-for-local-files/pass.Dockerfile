FROM registry.example/base:1.2
ADD rootfs.tar.xz /
ADD https://example.com/a /a
COPY app /srv/
