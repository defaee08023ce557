FROM registry.example/base:1.2
# finding
ADD app conf/ /srv/
