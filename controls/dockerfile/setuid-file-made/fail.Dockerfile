FROM registry.example/base:1.2
# finding
RUN chmod u+s /usr/bin/tool
# finding
RUN chmod 4755 /usr/bin/tool
# finding
COPY --chmod=2755 tool /usr/bin/
