"""`python -m linesync.start`, as Databricks Apps starts it."""

import sys

from linesync.start.deployed import main

sys.exit(main())
