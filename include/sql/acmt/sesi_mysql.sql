/* TIMESTAMP columns are then handed out in UTC. */
SET time_zone = '+00:00'
