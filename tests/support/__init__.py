"""What several tests share and no single test owns."""
