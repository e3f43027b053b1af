// Minim
