"""Use cases: functions of a command and ports, without any framework (design §9)."""
