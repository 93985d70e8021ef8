"""Process templates, fonts, icons and the sample tracker. Data with its licences; imports nothing of ours."""
