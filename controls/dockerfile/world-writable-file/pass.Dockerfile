FROM registry.example/base:1.2
RUN chmod 755 /srv && chmod u+w /a && chmod +x /b && chmod 1777 /tmp && chmod 0644 /c
COPY --chmod=755 a b
