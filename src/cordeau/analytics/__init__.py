"""What the firm's figures say: dashboard and search over every context; writes nothing."""
