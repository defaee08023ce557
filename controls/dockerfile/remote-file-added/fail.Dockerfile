FROM registry.example/base:1.2
ADD --chmod=644 \
  # finding
  https://example.com/tool.tar.gz /opt/
# finding
ADD https://github.com/example/tool.git#main /src
