"""placeholder for the moment"""
