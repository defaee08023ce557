FROM registry.example/base:1.2
# finding
RUN git clone https://me:hunter22@git.example/app.git
RUN apt-get update \
  # finding
  && curl -H "Authorization: Bearer abcdef0123456789" https://example.com/x
# finding
RUN echo 'root:hunter22' | chpasswd
# finding
CMD ["app", "--password=hunter22"]
