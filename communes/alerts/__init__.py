"""What need not wait, or lies over all pages: alerts, and urgent posts from approved templates."""
