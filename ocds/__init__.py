"""Open contracting data: releases, records, feeds and downloads of every tender that was published."""
