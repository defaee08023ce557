FROM registry.example/base:1.2
# finding
RUN apk add --allow-untrusted x.apk
RUN apt-get update \
  # finding
  && apt-get install -y --allow-unauthenticated x
# finding
RUN apt-get install --force-yes x
# finding
RUN dnf install -y --nogpgcheck x
# finding
RUN rpm -i --nosignature x.rpm
