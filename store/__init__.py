"""What keeps: database, migrations, audit trail, documents, jobs, the lake of columnar files, backups."""
