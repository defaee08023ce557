FROM registry.example/base:1.2
RUN git clone https://git.example/app.git
RUN curl -H "Authorization: Bearer $TOKEN" https://example.com/x
RUN echo "root:$PASSWORD" | chpasswd
CMD ["app", "--password-file=/run/secrets/password"]
