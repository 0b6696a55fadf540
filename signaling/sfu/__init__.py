"""The media engine: plain asyncio on aiortc's transports, knowing neither Django nor Channels."""

import os

# numpy's linear algebra would start a thread for each core, and nothing here multiplies matrices.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
