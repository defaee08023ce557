FROM registry.example/base:1.2
# finding
RUN cd /srv
# finding
RUN mkdir /a && cd /a
