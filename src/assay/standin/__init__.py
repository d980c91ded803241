"""The provincial stand-in (省平台演示站): a platform to file with, report to and be returned by, while the real
one's interface is not public. A program of its own: it imports nothing of the product, and the two meet only
over HTTP, by the contract in docs/provincial-api.md."""
