"""What is done about slips outside of a request: jobs, tasks, the worker."""
