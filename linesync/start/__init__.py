"""Processes, databases and certificates: how LineSync is started, served and stopped."""
