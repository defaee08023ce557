FROM registry.example/base:1.2
RUN chmod u-s /usr/bin/tool && chmod 0755 /usr/bin/tool && chmod 1777 /tmp
COPY --chmod=0755 tool /usr/bin/
