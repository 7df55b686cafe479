"""The project's own database: sessions, snapshots, approvals, batches, outcomes and the trail."""
