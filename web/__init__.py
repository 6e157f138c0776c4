"""HTTP and HTML furniture without domain words: security headers, forms, pages, assets, charts, paging."""
