"""Who may read and who may edit: passwords, logins, sessions."""
