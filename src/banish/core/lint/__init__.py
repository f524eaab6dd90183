"""What a configuration says and its author can hardly have meant; each finding is a warning with a cure."""
