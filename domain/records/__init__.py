"""Records: items, people, evidence, approvals, requests, links, as the store keeps them."""
