FROM registry.example/base:1.2
# finding
RUN chmod -R 777 /srv
RUN mkdir /a \
  # finding
  && chmod a+rwx /a
# finding
COPY --chmod=666 a b
