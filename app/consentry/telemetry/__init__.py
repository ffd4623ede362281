"""What operators see of a running gateway or keeper: metrics, log lines, request ids. Nothing here says who, whom or what for."""
