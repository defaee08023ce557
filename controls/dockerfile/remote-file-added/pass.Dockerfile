FROM registry.example/base:1.2
ADD --checksum=sha256:0123456789012345678901234567890123456789012345678901234567890123 https://example.com/tool.tar.gz /opt/
ADD https://github.com/example/tool.git#0123456789012345678901234567890123456789 /src
ADD rootfs.tar.gz /
COPY app /app
