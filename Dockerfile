# A Linux that grades, for instructors on macOS and Windows, where no sandbox is:
#
#   docker build --tag autograder .
#   docker run --rm --volume "$PWD":/course autograder grade submitted
#
# Docker gives no user namespaces, so each submission runs as a user of its own; see SECURITY.md for what that keeps apart.
FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates make python3-venv \
    && rm -rf /var/lib/apt/lists/*
COPY . /opt/neurodynex
WORKDIR /opt/neurodynex
RUN make venv build
ENV PATH=/opt/neurodynex/.venv/bin:/usr/local/bin:/usr/bin:/bin
WORKDIR /course
ENTRYPOINT ["autograder"]
CMD ["--help"]
