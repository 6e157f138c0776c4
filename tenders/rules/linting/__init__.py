"""What a tender lacks, or may not say, by the law's sections: a pure function from content to findings."""
